-- dataset: shop
-- code: field_not_allowed
SELECT count(*) FROM (SELECT left("user", 1) AS u, count(*) AS n FROM shop GROUP BY u)
