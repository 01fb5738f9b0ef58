-- dataset: shop
-- code: field_not_allowed
SELECT count(*) FROM (SELECT city, max("user") AS u FROM shop GROUP BY city, "user")
