-- dataset: shop
-- code: join_not_supported
SELECT count(*) FROM shop a ASOF JOIN visits b ON a."user" = b."user" AND a.qty >= b.qty
