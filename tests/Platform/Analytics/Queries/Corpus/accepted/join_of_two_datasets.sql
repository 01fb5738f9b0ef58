-- dataset: shop
SELECT count(DISTINCT "user"), sum(visits.qty) FROM shop JOIN visits USING ("user")
