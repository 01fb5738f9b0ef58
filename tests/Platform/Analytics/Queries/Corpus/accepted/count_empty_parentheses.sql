-- dataset: shop
select count() from shop
