-- 500 clusters of 10 units, a sheet each, 60 lines a sheet: nothing but the rows. Seed: the numbers themselves.
CREATE EXTENSION IF NOT EXISTS pg_prewarm;
CREATE TABLE sheet (
    id int PRIMARY KEY, cluster_id int NOT NULL, state smallint NOT NULL DEFAULT 0, total numeric(7, 2) NOT NULL DEFAULT 0,
    version int NOT NULL DEFAULT 0, changed_at timestamptz NOT NULL DEFAULT now()
) WITH (fillfactor = 70);
CREATE TABLE sheet_line (
    sheet_id int NOT NULL, line_no smallint NOT NULL, score numeric(5, 2) NOT NULL, note text NOT NULL, link text NOT NULL,
    PRIMARY KEY (sheet_id, line_no)
) WITH (fillfactor = 50); -- all updates stay within their page
CREATE TABLE outbox (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, sheet_id int NOT NULL, body text NOT NULL, at timestamptz NOT NULL DEFAULT now());
CREATE TABLE ranking (sheet_id int PRIMARY KEY, cluster_id int NOT NULL, total numeric(7, 2) NOT NULL, rank int NOT NULL) WITH (fillfactor = 70);
CREATE TABLE award (sheet_id int PRIMARY KEY, title text NOT NULL, reason text NOT NULL, at timestamptz NOT NULL DEFAULT now()) WITH (fillfactor = 70);
INSERT INTO sheet (id, cluster_id) SELECT n, (n - 1) / 10 + 1 FROM generate_series(1, 5000) n;
INSERT INTO sheet_line
SELECT s, n, (s * 7919 + n * 104729) % 201 / 100.0,
    'Báo cáo số ' || (s * 60 + n) % 10000 || '/BC ngày 12/11/2026 về kết quả thực hiện nhiệm vụ được giao trong năm',
    'https://vanban.tinh.gov.vn/van-ban/2026/' || (s * 60 + n)
FROM generate_series(1, 5000) s, generate_series(1, 60) n;
UPDATE sheet SET total = (SELECT sum(score) FROM sheet_line WHERE sheet_id = sheet.id);
INSERT INTO ranking SELECT id, cluster_id, total, rank() OVER (PARTITION BY cluster_id ORDER BY total DESC) FROM sheet;
CREATE INDEX ranking_cluster ON ranking (cluster_id);
CREATE INDEX sheet_cluster ON sheet (cluster_id);
VACUUM ANALYZE;
SELECT sum(pg_prewarm(oid::regclass)) FROM pg_class WHERE relname ~ '^(sheet|sheet_line|ranking|award|outbox)(_pkey|_cluster)?$';
