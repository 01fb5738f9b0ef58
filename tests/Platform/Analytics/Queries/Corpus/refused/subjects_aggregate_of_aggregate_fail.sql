-- dataset: shop
-- code: aggregate_not_allowed
SELECT count(*) FROM (SELECT "user", sum(count(*)) AS n FROM shop GROUP BY "user")
