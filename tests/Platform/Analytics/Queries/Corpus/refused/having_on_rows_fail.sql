-- dataset: shop
-- code: not_released
-- fragment: qty
SELECT action, count(*) FROM shop GROUP BY action HAVING qty > 10
