-- dataset: shop
SELECT sum(amount)::double / count(*) FROM shop
