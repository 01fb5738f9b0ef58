-- dataset: shop
SELECT count(*) FROM shop GROUP BY action
