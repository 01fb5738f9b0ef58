-- dataset: shop
-- code: not_released
-- fragment: sum(qty)
SELECT action, count(*) FROM shop GROUP BY action HAVING sum(qty) > 10
