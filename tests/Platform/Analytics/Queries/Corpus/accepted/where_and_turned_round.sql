-- dataset: shop
SELECT count(*) FROM shop WHERE qty >= 2 AND (city = 'Wien')
