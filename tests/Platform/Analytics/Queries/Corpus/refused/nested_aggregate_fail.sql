-- dataset: shop
-- code: aggregate_not_allowed
SELECT sum(count(*)) FROM shop
