-- dataset: shop
-- code: not_select
PIVOT shop ON action USING count(*)
