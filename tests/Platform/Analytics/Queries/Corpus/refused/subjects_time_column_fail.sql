-- dataset: shop
-- code: field_not_allowed
SELECT count(*) FROM (SELECT "user", time, count(*) AS n FROM shop GROUP BY "user", time)
