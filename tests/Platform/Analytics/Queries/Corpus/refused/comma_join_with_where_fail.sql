-- dataset: shop
-- code: join_not_supported
SELECT count(*) FROM shop a, visits b WHERE a."user" = b."user"
