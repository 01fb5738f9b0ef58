-- dataset: shop
-- code: not_released
SELECT sum(amount) / count(*) FROM shop HAVING count(*) > 10
