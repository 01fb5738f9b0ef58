-- dataset: shop
SELECT count(*) FROM shop WHERE DATE '2024-02-01' <= time AND DATE '2024-03-01' > time
