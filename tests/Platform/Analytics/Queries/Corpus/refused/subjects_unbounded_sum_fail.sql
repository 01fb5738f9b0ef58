-- dataset: shop
-- code: range_too_large
SELECT sum(s) FROM (SELECT "user", sum(qty) AS s FROM shop GROUP BY "user")
