-- dataset: shop
SELECT count(*) FROM shop a JOIN shop b USING ("user")
