package realistic

func (w *world) addChurn() {}
