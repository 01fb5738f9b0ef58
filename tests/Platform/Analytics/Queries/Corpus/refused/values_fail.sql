-- dataset: shop
-- code: not_a_table
VALUES (1)
