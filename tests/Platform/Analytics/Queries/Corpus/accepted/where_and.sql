-- dataset: shop
SELECT count(*) FROM shop WHERE city = 'Wien' AND qty >= 2
