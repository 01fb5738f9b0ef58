-- dataset: shop
-- code: invalid_value
SELECT count(*) FROM shop WHERE seen > TIMESTAMP '2024-01-01 10:30:00'
