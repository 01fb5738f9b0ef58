-- dataset: shop
-- code: join_not_supported
SELECT count(*) FROM shop a CROSS JOIN visits b
