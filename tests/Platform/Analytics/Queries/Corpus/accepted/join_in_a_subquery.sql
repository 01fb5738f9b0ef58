-- dataset: shop
SELECT avg(x) FROM (SELECT a.qty AS x, b.action AS what FROM shop a JOIN visits b ON a."user" = b."user") WHERE what = 'buy'
