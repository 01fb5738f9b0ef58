-- dataset: shop
-- code: aggregate_not_allowed
SELECT count(*) FROM shop WHERE sum(qty) > 10
