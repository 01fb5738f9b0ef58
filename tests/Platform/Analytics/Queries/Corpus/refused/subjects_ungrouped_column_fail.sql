-- dataset: shop
-- code: not_grouped
-- fragment: qty
SELECT count(*) FROM (SELECT "user", qty, count(*) AS n FROM shop GROUP BY "user")
