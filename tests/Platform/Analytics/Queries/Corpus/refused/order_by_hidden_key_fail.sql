-- dataset: shop
-- code: not_released
SELECT count(*) FROM shop GROUP BY action ORDER BY action
