-- dataset: shop
-- code: aggregate_not_allowed
SELECT count(*) FILTER (WHERE max(qty) > 3) FROM shop
