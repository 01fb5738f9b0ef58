-- dataset: shop
-- code: not_select
EXPLAIN SELECT count(*) FROM shop
