-- dataset: shop
-- code: time_condition
SELECT count(*) FROM shop WHERE time >= TIMESTAMP '2024-01-01 10:30:00'
