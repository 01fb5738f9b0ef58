-- dataset: shop
-- code: not_released
SELECT action, count(*) FROM shop GROUP BY action ORDER BY ALL
