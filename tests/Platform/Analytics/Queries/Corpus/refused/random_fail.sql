-- dataset: shop
-- code: unknown_function
-- fragment: random()
SELECT count(*) FROM shop WHERE random() < 0.5
