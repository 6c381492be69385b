-- The 60 lines of one sheet.
\set id random(1, 5000)
SELECT line_no, score, note, link FROM sheet_line WHERE sheet_id = :id ORDER BY line_no;
