-- dataset: shop
-- code: field_not_allowed
SELECT count(*) FROM (SELECT "user", max(time) AS last FROM shop GROUP BY "user")
