-- dataset: shop
-- code: field_not_allowed
SELECT count(*) FILTER (WHERE "user" = 'bob') FROM shop
