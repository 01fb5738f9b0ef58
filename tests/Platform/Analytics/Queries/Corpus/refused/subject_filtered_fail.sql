-- dataset: shop
-- code: field_not_allowed
SELECT count(*) FROM shop WHERE "user" = 'bob'
