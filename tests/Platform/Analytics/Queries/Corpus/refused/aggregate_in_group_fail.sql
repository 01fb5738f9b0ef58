-- dataset: shop
-- code: aggregate_not_allowed
SELECT count(*) FROM shop GROUP BY count(*)
