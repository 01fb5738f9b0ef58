-- dataset: shop
-- code: invalid_period
SELECT sum(extract(epoch FROM time)) FROM shop
