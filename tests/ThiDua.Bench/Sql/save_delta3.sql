-- Three changed lines of a sheet, in the same six round trips.
\set id random(1, 5000)
\set by random(1, 57)
BEGIN;
SELECT version, state FROM sheet WHERE id = :id FOR UPDATE;
INSERT INTO sheet_line
SELECT :id, n, ((:by)::int + n) % 201 / 100.0, 'Báo cáo số ' || :by + n || '/BC ngày 12/11/2026 về kết quả thực hiện nhiệm vụ được giao trong năm', 'https://vanban.tinh.gov.vn/van-ban/2026/' || :by + n
FROM generate_series((:by)::int, (:by)::int + 2) n
ON CONFLICT (sheet_id, line_no) DO UPDATE SET score = excluded.score, note = excluded.note, link = excluded.link;
UPDATE sheet SET total = (SELECT sum(score) FROM sheet_line WHERE sheet_id = :id), version = version + 1, changed_at = now() WHERE id = :id;
INSERT INTO outbox (sheet_id, body) VALUES (:id, '{"type":"SheetSaved"}');
COMMIT;
