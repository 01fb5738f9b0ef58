-- dataset: shop
-- code: not_a_table
SELECT 1
