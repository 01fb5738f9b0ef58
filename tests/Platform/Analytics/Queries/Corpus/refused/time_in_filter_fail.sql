-- dataset: shop
-- code: time_condition
SELECT count(*) FILTER (WHERE time < DATE '2024-02-01') FROM shop
