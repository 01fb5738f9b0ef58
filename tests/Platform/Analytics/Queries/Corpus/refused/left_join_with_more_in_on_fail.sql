-- dataset: shop
-- code: join_condition
-- fragment: b.action = 'buy'
SELECT count(*) FROM shop a LEFT JOIN visits b ON a."user" = b."user" AND b.action = 'buy'
