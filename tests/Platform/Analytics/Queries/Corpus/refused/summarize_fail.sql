-- dataset: shop
-- code: not_select
SUMMARIZE shop
