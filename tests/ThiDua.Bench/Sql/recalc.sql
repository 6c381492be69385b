-- 300,000 lines to 5,000 totals to 5,000 stored ranks.
BEGIN;
INSERT INTO ranking
SELECT s.id, s.cluster_id, t.total, rank() OVER (PARTITION BY s.cluster_id ORDER BY t.total DESC)
FROM sheet s JOIN (SELECT sheet_id, sum(score) AS total FROM sheet_line GROUP BY sheet_id) t ON t.sheet_id = s.id
ON CONFLICT (sheet_id) DO UPDATE SET total = excluded.total, rank = excluded.rank;
COMMIT;
