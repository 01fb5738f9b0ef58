-- dataset: shop
-- code: not_grouped
-- fragment: city
SELECT city, count(*) FROM shop
