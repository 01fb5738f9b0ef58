-- dataset: shop
-- code: not_released
-- fragment: city
SELECT action, count(*) FROM shop GROUP BY action ORDER BY city
