-- dataset: shop
-- code: aggregate_not_allowed
SELECT count(*) FROM (SELECT "user" FROM shop WHERE count(*) > 2 GROUP BY "user")
