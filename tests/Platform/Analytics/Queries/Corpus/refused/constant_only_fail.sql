-- dataset: shop
-- code: no_measure
SELECT 1 FROM shop
