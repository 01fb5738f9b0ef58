-- dataset: shop
-- code: unknown_function
SELECT sum(list_sum(list_transform([1], lambda x: x))) FROM shop
