-- 5,000 decisions with their reasons, stored.
BEGIN;
INSERT INTO award (sheet_id, title, reason, at)
SELECT sheet_id, CASE WHEN rank = 1 THEN 'PROVINCIAL_FLAG' WHEN rank <= 3 THEN 'MERIT' ELSE 'NONE' END,
    'Hạng ' || rank || ' trong cụm ' || cluster_id || ', ' || total || ' điểm', now()
FROM ranking
ON CONFLICT (sheet_id) DO UPDATE SET title = excluded.title, reason = excluded.reason, at = excluded.at;
COMMIT;
