-- A sheet handed in: its state, its total from 60 lines, a message to be sent.
\set id random(1, 5000)
BEGIN;
UPDATE sheet SET state = 1, total = (SELECT sum(score) FROM sheet_line WHERE sheet_id = :id), version = version + 1, changed_at = now() WHERE id = :id;
INSERT INTO outbox (sheet_id, body) VALUES (:id, '{"type":"SheetSubmitted"}');
COMMIT;
