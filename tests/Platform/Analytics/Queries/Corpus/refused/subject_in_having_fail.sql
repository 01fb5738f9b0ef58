-- dataset: shop
-- code: field_not_allowed
SELECT count(*) FROM shop HAVING "user" = 'bob'
