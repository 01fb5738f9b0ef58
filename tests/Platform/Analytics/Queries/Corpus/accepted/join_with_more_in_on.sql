-- dataset: shop
SELECT count(*) FROM shop a JOIN visits b ON a."user" = b."user" AND a.city = b.city WHERE b.action = 'buy'
