-- dataset: shop
-- code: cast_not_total
SELECT CAST(avg(amount) AS DECIMAL(10,2)) FROM shop
