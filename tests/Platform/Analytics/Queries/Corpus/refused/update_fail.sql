-- dataset: shop
-- code: not_select
UPDATE shop SET city = 'x'
