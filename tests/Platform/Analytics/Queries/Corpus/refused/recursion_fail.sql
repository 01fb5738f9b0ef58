-- dataset: shop
-- code: recursion
WITH RECURSIVE r AS (SELECT 1 UNION ALL SELECT * FROM r) SELECT count(*) FROM r
